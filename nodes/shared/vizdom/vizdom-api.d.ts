// Generated from test/sandbox/vizdom.openapi.yaml. Do not edit: change that file and run npm run generate.

export interface paths {
	'/dashboards': {
		parameters: {
			query?: never;
			header?: never;
			path?: never;
			cookie?: never;
		};
		/** List dashboards */
		get: operations['listDashboards'];
		put?: never;
		/** Create a dashboard */
		post: operations['createDashboard'];
		delete?: never;
		options?: never;
		head?: never;
		patch?: never;
		trace?: never;
	};
	'/dashboards/{id}': {
		parameters: {
			query?: never;
			header?: never;
			path?: never;
			cookie?: never;
		};
		/** Get a dashboard */
		get: operations['getDashboard'];
		put?: never;
		post?: never;
		/** Delete a dashboard */
		delete: operations['deleteDashboard'];
		options?: never;
		head?: never;
		/** Update a dashboard */
		patch: operations['updateDashboard'];
		trace?: never;
	};
	'/data-sources': {
		parameters: {
			query?: never;
			header?: never;
			path?: never;
			cookie?: never;
		};
		/** List data sources */
		get: operations['listDataSources'];
		put?: never;
		/** Create a data source */
		post: operations['createDataSource'];
		delete?: never;
		options?: never;
		head?: never;
		patch?: never;
		trace?: never;
	};
	'/data-sources/{id}': {
		parameters: {
			query?: never;
			header?: never;
			path?: never;
			cookie?: never;
		};
		/** Get a data source */
		get: operations['getDataSource'];
		put?: never;
		post?: never;
		/** Delete a data source */
		delete: operations['deleteDataSource'];
		options?: never;
		head?: never;
		/** Update a data source */
		patch: operations['updateDataSource'];
		trace?: never;
	};
	'/users': {
		parameters: {
			query?: never;
			header?: never;
			path?: never;
			cookie?: never;
		};
		/** List users */
		get: operations['listUsers'];
		put?: never;
		post?: never;
		delete?: never;
		options?: never;
		head?: never;
		patch?: never;
		trace?: never;
	};
	'/users/invite': {
		parameters: {
			query?: never;
			header?: never;
			path?: never;
			cookie?: never;
		};
		get?: never;
		put?: never;
		/** Invite a user */
		post: operations['inviteUser'];
		delete?: never;
		options?: never;
		head?: never;
		patch?: never;
		trace?: never;
	};
	'/users/{id}': {
		parameters: {
			query?: never;
			header?: never;
			path?: never;
			cookie?: never;
		};
		/** Get a user */
		get: operations['getUser'];
		put?: never;
		post?: never;
		/** Remove a user */
		delete: operations['deleteUser'];
		options?: never;
		head?: never;
		/** Change the role of a user */
		patch: operations['updateUser'];
		trace?: never;
	};
	'/exports': {
		parameters: {
			query?: never;
			header?: never;
			path?: never;
			cookie?: never;
		};
		/** List exports */
		get: operations['listExports'];
		put?: never;
		/** Start an export */
		post: operations['createExport'];
		delete?: never;
		options?: never;
		head?: never;
		patch?: never;
		trace?: never;
	};
	'/exports/{id}': {
		parameters: {
			query?: never;
			header?: never;
			path?: never;
			cookie?: never;
		};
		/** Get an export */
		get: operations['getExport'];
		put?: never;
		post?: never;
		delete?: never;
		options?: never;
		head?: never;
		patch?: never;
		trace?: never;
	};
	'/exports/{id}/file': {
		parameters: {
			query?: never;
			header?: never;
			path?: never;
			cookie?: never;
		};
		/**
		 * Download the file of a completed export
		 * @description What an export's `download_url` points to. The key or the link's token opens it.
		 */
		get: operations['downloadExportFile'];
		put?: never;
		post?: never;
		delete?: never;
		options?: never;
		head?: never;
		patch?: never;
		trace?: never;
	};
}
export type webhooks = Record<string, never>;
export interface components {
	schemas: {
		Error: {
			error: {
				/** @example not_found */
				code: string;
				/** @example Dashboard with ID 'dash_abc123' does not exist. */
				message: string;
				details?: components['schemas']['ErrorDetail'][];
			};
		};
		ErrorDetail: {
			/** @example name */
			field: string;
			/** @example must not be empty */
			message: string;
		};
		Meta: {
			/** @description How many records there are in all. */
			total: number;
		};
		/**
		 * Format: date-time
		 * @description ISO 8601, UTC.
		 * @example 2026-01-15T09:00:00Z
		 */
		Timestamp: string;
		Dashboard: {
			/** @example dash_abc123 */
			id: string;
			/** @example Q4 Revenue Overview */
			name: string;
			/** @example Executive summary of Q4 revenue metrics */
			description: string;
			created_at: components['schemas']['Timestamp'];
			updated_at: components['schemas']['Timestamp'];
			/** @example 8 */
			visualization_count: number;
		};
		/**
		 * @example {
		 *       "name": "Q4 Revenue Overview"
		 *     }
		 */
		DashboardCreate: {
			name: components['schemas']['Name'];
			description?: string;
		};
		/**
		 * @example {
		 *       "name": "Q4 Revenue Overview"
		 *     }
		 */
		DashboardUpdate: {
			name?: components['schemas']['Name'];
			description?: string;
		};
		Name: string;
		DataSource: {
			/** @example ds_k3v9q2 */
			id: string;
			/** @example Production PostgreSQL */
			name: string;
			/**
			 * @example postgresql
			 * @example mysql
			 * @example bigquery
			 * @example snowflake
			 * @example google_sheets
			 */
			type: string;
			/** @enum {string} */
			status: 'connected' | 'error' | 'syncing';
			created_at: components['schemas']['Timestamp'];
			updated_at: components['schemas']['Timestamp'];
		};
		/**
		 * @example {
		 *       "name": "Production",
		 *       "type": "postgresql",
		 *       "config": {}
		 *     }
		 */
		DataSourceCreate: {
			name: components['schemas']['Name'];
			type: string;
			config?: components['schemas']['DataSourceConfig'];
		};
		/**
		 * @example {
		 *       "name": "Production"
		 *     }
		 */
		DataSourceUpdate: {
			name?: components['schemas']['Name'];
			config?: components['schemas']['DataSourceConfig'];
		};
		/** @description How to connect, by type. It is never part of a response. */
		DataSourceConfig: {
			[key: string]: unknown;
		};
		/**
		 * @description The three roles are documented, their spelling in the API is assumed.
		 * @enum {string}
		 */
		Role: 'admin' | 'editor' | 'viewer';
		User: {
			/** @example user_k3v9q2 */
			id: string;
			/** Format: email */
			email: string;
			/** @description Null until the invitation is accepted. */
			name: string | null;
			role: components['schemas']['Role'];
			/** @enum {string} */
			status: 'active' | 'invited';
			created_at: components['schemas']['Timestamp'];
			updated_at: components['schemas']['Timestamp'];
		};
		/**
		 * @example {
		 *       "email": "ada@example.com",
		 *       "role": "viewer"
		 *     }
		 */
		UserInvite: {
			/** Format: email */
			email: string;
			role: components['schemas']['Role'];
		};
		/**
		 * @example {
		 *       "role": "editor"
		 *     }
		 */
		UserUpdate: {
			role: components['schemas']['Role'];
		};
		/** @enum {string} */
		ExportFormat: 'pdf' | 'png' | 'csv' | 'xlsx';
		Export: {
			/** @example exp_k3v9q2 */
			id: string;
			/** @example dash_abc123 */
			dashboard_id: string;
			format: components['schemas']['ExportFormat'];
			/** @enum {string} */
			status: 'queued' | 'processing' | 'completed' | 'failed';
			/** @description May be absent. */
			progress?: number;
			/** @description Why it failed. */
			error: string | null;
			/** @description Absolute or relative, maybe on another host. Null until completed. */
			download_url: string | null;
			/** @description When download_url stops working. Null until completed. */
			expires_at: components['schemas']['Timestamp'] | null;
			created_at: components['schemas']['Timestamp'];
			updated_at: components['schemas']['Timestamp'];
		};
		/**
		 * @example {
		 *       "dashboard_id": "dash_abc123",
		 *       "format": "csv"
		 *     }
		 */
		ExportCreate: {
			dashboard_id: string;
			format: components['schemas']['ExportFormat'];
		};
		/** @description The envelope is documented. */
		DashboardResponse: {
			data: components['schemas']['Dashboard'];
		};
		DashboardList: {
			data: components['schemas']['Dashboard'][];
			meta: components['schemas']['Meta'];
		};
		/** @description The envelope is documented. */
		DataSourceResponse: {
			data: components['schemas']['DataSource'];
		};
		DataSourceList: {
			data: components['schemas']['DataSource'][];
			meta: components['schemas']['Meta'];
		};
		/** @description The envelope is documented. */
		UserResponse: {
			data: components['schemas']['User'];
		};
		UserList: {
			data: components['schemas']['User'][];
			meta: components['schemas']['Meta'];
		};
		/** @description The envelope is documented. */
		ExportResponse: {
			data: components['schemas']['Export'];
		};
		ExportList: {
			data: components['schemas']['Export'][];
			meta: components['schemas']['Meta'];
		};
	};
	responses: {
		/** @description Malformed request or missing required fields. */
		BadRequest: {
			headers: {
				[name: string]: unknown;
			};
			content: {
				'application/json': components['schemas']['Error'];
			};
		};
		/** @description Missing or invalid API key. */
		Unauthorized: {
			headers: {
				[name: string]: unknown;
			};
			content: {
				'application/json': components['schemas']['Error'];
			};
		};
		/** @description Valid key but insufficient permissions. */
		Forbidden: {
			headers: {
				[name: string]: unknown;
			};
			content: {
				'application/json': components['schemas']['Error'];
			};
		};
		/** @description Resource does not exist. */
		NotFound: {
			headers: {
				[name: string]: unknown;
			};
			content: {
				'application/json': components['schemas']['Error'];
			};
		};
		/** @description Validation failed. */
		ValidationFailed: {
			headers: {
				[name: string]: unknown;
			};
			content: {
				'application/json': components['schemas']['Error'];
			};
		};
		/** @description Rate limit exceeded. */
		RateLimited: {
			headers: {
				[name: string]: unknown;
			};
			content: {
				'application/json': components['schemas']['Error'];
			};
		};
		/** @description Something went wrong on the side of Vizdom. */
		ServerError: {
			headers: {
				[name: string]: unknown;
			};
			content: {
				'application/json': components['schemas']['Error'];
			};
		};
	};
	parameters: {
		/** @description How many records to return at most. The server may return fewer. */
		Limit: number;
		/** @description How many records to skip. */
		Offset: number;
		/** @example dash_abc123 */
		DashboardId: string;
		/** @example ds_k3v9q2 */
		DataSourceId: string;
		/** @example user_k3v9q2 */
		UserId: string;
		/** @example exp_k3v9q2 */
		ExportId: string;
	};
	requestBodies: never;
	headers: never;
	pathItems: never;
}
export type Error = components['schemas']['Error'];
export type ErrorDetail = components['schemas']['ErrorDetail'];
export type Meta = components['schemas']['Meta'];
export type Timestamp = components['schemas']['Timestamp'];
export type Dashboard = components['schemas']['Dashboard'];
export type DashboardCreate = components['schemas']['DashboardCreate'];
export type DashboardUpdate = components['schemas']['DashboardUpdate'];
export type Name = components['schemas']['Name'];
export type DataSource = components['schemas']['DataSource'];
export type DataSourceCreate = components['schemas']['DataSourceCreate'];
export type DataSourceUpdate = components['schemas']['DataSourceUpdate'];
export type DataSourceConfig = components['schemas']['DataSourceConfig'];
export type Role = components['schemas']['Role'];
export type User = components['schemas']['User'];
export type UserInvite = components['schemas']['UserInvite'];
export type UserUpdate = components['schemas']['UserUpdate'];
export type ExportFormat = components['schemas']['ExportFormat'];
export type Export = components['schemas']['Export'];
export type ExportCreate = components['schemas']['ExportCreate'];
export type DashboardResponse = components['schemas']['DashboardResponse'];
export type DashboardList = components['schemas']['DashboardList'];
export type DataSourceResponse = components['schemas']['DataSourceResponse'];
export type DataSourceList = components['schemas']['DataSourceList'];
export type UserResponse = components['schemas']['UserResponse'];
export type UserList = components['schemas']['UserList'];
export type ExportResponse = components['schemas']['ExportResponse'];
export type ExportList = components['schemas']['ExportList'];
export type ResponseBadRequest = components['responses']['BadRequest'];
export type ResponseUnauthorized = components['responses']['Unauthorized'];
export type ResponseForbidden = components['responses']['Forbidden'];
export type ResponseNotFound = components['responses']['NotFound'];
export type ResponseValidationFailed = components['responses']['ValidationFailed'];
export type ResponseRateLimited = components['responses']['RateLimited'];
export type ResponseServerError = components['responses']['ServerError'];
export type ParameterLimit = components['parameters']['Limit'];
export type ParameterOffset = components['parameters']['Offset'];
export type ParameterDashboardId = components['parameters']['DashboardId'];
export type ParameterDataSourceId = components['parameters']['DataSourceId'];
export type ParameterUserId = components['parameters']['UserId'];
export type ParameterExportId = components['parameters']['ExportId'];
export type $defs = Record<string, never>;
export interface operations {
	listDashboards: {
		parameters: {
			query?: {
				/** @description How many records to return at most. The server may return fewer. */
				limit?: components['parameters']['Limit'];
				/** @description How many records to skip. */
				offset?: components['parameters']['Offset'];
			};
			header?: never;
			path?: never;
			cookie?: never;
		};
		requestBody?: never;
		responses: {
			/** @description One page of the dashboards. */
			200: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					'application/json': components['schemas']['DashboardList'];
				};
			};
			400: components['responses']['BadRequest'];
			401: components['responses']['Unauthorized'];
			403: components['responses']['Forbidden'];
			422: components['responses']['ValidationFailed'];
			429: components['responses']['RateLimited'];
			500: components['responses']['ServerError'];
		};
	};
	createDashboard: {
		parameters: {
			query?: never;
			header?: never;
			path?: never;
			cookie?: never;
		};
		requestBody: {
			content: {
				'application/json': components['schemas']['DashboardCreate'];
			};
		};
		responses: {
			/** @description The dashboard as created. */
			201: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					'application/json': components['schemas']['DashboardResponse'];
				};
			};
			400: components['responses']['BadRequest'];
			401: components['responses']['Unauthorized'];
			403: components['responses']['Forbidden'];
			422: components['responses']['ValidationFailed'];
			429: components['responses']['RateLimited'];
			500: components['responses']['ServerError'];
		};
	};
	getDashboard: {
		parameters: {
			query?: never;
			header?: never;
			path: {
				/** @example dash_abc123 */
				id: components['parameters']['DashboardId'];
			};
			cookie?: never;
		};
		requestBody?: never;
		responses: {
			/** @description The dashboard. */
			200: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					'application/json': components['schemas']['DashboardResponse'];
				};
			};
			400: components['responses']['BadRequest'];
			401: components['responses']['Unauthorized'];
			403: components['responses']['Forbidden'];
			404: components['responses']['NotFound'];
			422: components['responses']['ValidationFailed'];
			429: components['responses']['RateLimited'];
			500: components['responses']['ServerError'];
		};
	};
	deleteDashboard: {
		parameters: {
			query?: never;
			header?: never;
			path: {
				/** @example dash_abc123 */
				id: components['parameters']['DashboardId'];
			};
			cookie?: never;
		};
		requestBody?: never;
		responses: {
			/** @description The dashboard is deleted. */
			204: {
				headers: {
					[name: string]: unknown;
				};
				content?: never;
			};
			400: components['responses']['BadRequest'];
			401: components['responses']['Unauthorized'];
			403: components['responses']['Forbidden'];
			404: components['responses']['NotFound'];
			422: components['responses']['ValidationFailed'];
			429: components['responses']['RateLimited'];
			500: components['responses']['ServerError'];
		};
	};
	updateDashboard: {
		parameters: {
			query?: never;
			header?: never;
			path: {
				/** @example dash_abc123 */
				id: components['parameters']['DashboardId'];
			};
			cookie?: never;
		};
		requestBody: {
			content: {
				'application/json': components['schemas']['DashboardUpdate'];
			};
		};
		responses: {
			/** @description The dashboard as updated. */
			200: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					'application/json': components['schemas']['DashboardResponse'];
				};
			};
			400: components['responses']['BadRequest'];
			401: components['responses']['Unauthorized'];
			403: components['responses']['Forbidden'];
			404: components['responses']['NotFound'];
			422: components['responses']['ValidationFailed'];
			429: components['responses']['RateLimited'];
			500: components['responses']['ServerError'];
		};
	};
	listDataSources: {
		parameters: {
			query?: {
				/** @description How many records to return at most. The server may return fewer. */
				limit?: components['parameters']['Limit'];
				/** @description How many records to skip. */
				offset?: components['parameters']['Offset'];
			};
			header?: never;
			path?: never;
			cookie?: never;
		};
		requestBody?: never;
		responses: {
			/** @description One page of the data sources. */
			200: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					'application/json': components['schemas']['DataSourceList'];
				};
			};
			400: components['responses']['BadRequest'];
			401: components['responses']['Unauthorized'];
			403: components['responses']['Forbidden'];
			422: components['responses']['ValidationFailed'];
			429: components['responses']['RateLimited'];
			500: components['responses']['ServerError'];
		};
	};
	createDataSource: {
		parameters: {
			query?: never;
			header?: never;
			path?: never;
			cookie?: never;
		};
		requestBody: {
			content: {
				'application/json': components['schemas']['DataSourceCreate'];
			};
		};
		responses: {
			/** @description The data source as created. */
			201: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					'application/json': components['schemas']['DataSourceResponse'];
				};
			};
			400: components['responses']['BadRequest'];
			401: components['responses']['Unauthorized'];
			403: components['responses']['Forbidden'];
			422: components['responses']['ValidationFailed'];
			429: components['responses']['RateLimited'];
			500: components['responses']['ServerError'];
		};
	};
	getDataSource: {
		parameters: {
			query?: never;
			header?: never;
			path: {
				/** @example ds_k3v9q2 */
				id: components['parameters']['DataSourceId'];
			};
			cookie?: never;
		};
		requestBody?: never;
		responses: {
			/** @description The data source. */
			200: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					'application/json': components['schemas']['DataSourceResponse'];
				};
			};
			400: components['responses']['BadRequest'];
			401: components['responses']['Unauthorized'];
			403: components['responses']['Forbidden'];
			404: components['responses']['NotFound'];
			422: components['responses']['ValidationFailed'];
			429: components['responses']['RateLimited'];
			500: components['responses']['ServerError'];
		};
	};
	deleteDataSource: {
		parameters: {
			query?: never;
			header?: never;
			path: {
				/** @example ds_k3v9q2 */
				id: components['parameters']['DataSourceId'];
			};
			cookie?: never;
		};
		requestBody?: never;
		responses: {
			/** @description The data source is deleted. */
			204: {
				headers: {
					[name: string]: unknown;
				};
				content?: never;
			};
			400: components['responses']['BadRequest'];
			401: components['responses']['Unauthorized'];
			403: components['responses']['Forbidden'];
			404: components['responses']['NotFound'];
			422: components['responses']['ValidationFailed'];
			429: components['responses']['RateLimited'];
			500: components['responses']['ServerError'];
		};
	};
	updateDataSource: {
		parameters: {
			query?: never;
			header?: never;
			path: {
				/** @example ds_k3v9q2 */
				id: components['parameters']['DataSourceId'];
			};
			cookie?: never;
		};
		requestBody: {
			content: {
				'application/json': components['schemas']['DataSourceUpdate'];
			};
		};
		responses: {
			/** @description The data source as updated. */
			200: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					'application/json': components['schemas']['DataSourceResponse'];
				};
			};
			400: components['responses']['BadRequest'];
			401: components['responses']['Unauthorized'];
			403: components['responses']['Forbidden'];
			404: components['responses']['NotFound'];
			422: components['responses']['ValidationFailed'];
			429: components['responses']['RateLimited'];
			500: components['responses']['ServerError'];
		};
	};
	listUsers: {
		parameters: {
			query?: {
				/** @description How many records to return at most. The server may return fewer. */
				limit?: components['parameters']['Limit'];
				/** @description How many records to skip. */
				offset?: components['parameters']['Offset'];
			};
			header?: never;
			path?: never;
			cookie?: never;
		};
		requestBody?: never;
		responses: {
			/** @description One page of the users. */
			200: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					'application/json': components['schemas']['UserList'];
				};
			};
			400: components['responses']['BadRequest'];
			401: components['responses']['Unauthorized'];
			403: components['responses']['Forbidden'];
			422: components['responses']['ValidationFailed'];
			429: components['responses']['RateLimited'];
			500: components['responses']['ServerError'];
		};
	};
	inviteUser: {
		parameters: {
			query?: never;
			header?: never;
			path?: never;
			cookie?: never;
		};
		requestBody: {
			content: {
				'application/json': components['schemas']['UserInvite'];
			};
		};
		responses: {
			/** @description The user as invited. */
			201: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					'application/json': components['schemas']['UserResponse'];
				};
			};
			400: components['responses']['BadRequest'];
			401: components['responses']['Unauthorized'];
			403: components['responses']['Forbidden'];
			422: components['responses']['ValidationFailed'];
			429: components['responses']['RateLimited'];
			500: components['responses']['ServerError'];
		};
	};
	getUser: {
		parameters: {
			query?: never;
			header?: never;
			path: {
				/** @example user_k3v9q2 */
				id: components['parameters']['UserId'];
			};
			cookie?: never;
		};
		requestBody?: never;
		responses: {
			/** @description The user. */
			200: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					'application/json': components['schemas']['UserResponse'];
				};
			};
			400: components['responses']['BadRequest'];
			401: components['responses']['Unauthorized'];
			403: components['responses']['Forbidden'];
			404: components['responses']['NotFound'];
			422: components['responses']['ValidationFailed'];
			429: components['responses']['RateLimited'];
			500: components['responses']['ServerError'];
		};
	};
	deleteUser: {
		parameters: {
			query?: never;
			header?: never;
			path: {
				/** @example user_k3v9q2 */
				id: components['parameters']['UserId'];
			};
			cookie?: never;
		};
		requestBody?: never;
		responses: {
			/** @description The user is removed. */
			204: {
				headers: {
					[name: string]: unknown;
				};
				content?: never;
			};
			400: components['responses']['BadRequest'];
			401: components['responses']['Unauthorized'];
			403: components['responses']['Forbidden'];
			404: components['responses']['NotFound'];
			422: components['responses']['ValidationFailed'];
			429: components['responses']['RateLimited'];
			500: components['responses']['ServerError'];
		};
	};
	updateUser: {
		parameters: {
			query?: never;
			header?: never;
			path: {
				/** @example user_k3v9q2 */
				id: components['parameters']['UserId'];
			};
			cookie?: never;
		};
		requestBody: {
			content: {
				'application/json': components['schemas']['UserUpdate'];
			};
		};
		responses: {
			/** @description The user with the new role. */
			200: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					'application/json': components['schemas']['UserResponse'];
				};
			};
			400: components['responses']['BadRequest'];
			401: components['responses']['Unauthorized'];
			403: components['responses']['Forbidden'];
			404: components['responses']['NotFound'];
			422: components['responses']['ValidationFailed'];
			429: components['responses']['RateLimited'];
			500: components['responses']['ServerError'];
		};
	};
	listExports: {
		parameters: {
			query?: {
				/** @description How many records to return at most. The server may return fewer. */
				limit?: components['parameters']['Limit'];
				/** @description How many records to skip. */
				offset?: components['parameters']['Offset'];
			};
			header?: never;
			path?: never;
			cookie?: never;
		};
		requestBody?: never;
		responses: {
			/** @description One page of the exports. */
			200: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					'application/json': components['schemas']['ExportList'];
				};
			};
			400: components['responses']['BadRequest'];
			401: components['responses']['Unauthorized'];
			403: components['responses']['Forbidden'];
			422: components['responses']['ValidationFailed'];
			429: components['responses']['RateLimited'];
			500: components['responses']['ServerError'];
		};
	};
	createExport: {
		parameters: {
			query?: never;
			header?: never;
			path?: never;
			cookie?: never;
		};
		requestBody: {
			content: {
				'application/json': components['schemas']['ExportCreate'];
			};
		};
		responses: {
			/** @description The export as queued. */
			201: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					'application/json': components['schemas']['ExportResponse'];
				};
			};
			400: components['responses']['BadRequest'];
			401: components['responses']['Unauthorized'];
			403: components['responses']['Forbidden'];
			404: components['responses']['NotFound'];
			422: components['responses']['ValidationFailed'];
			429: components['responses']['RateLimited'];
			500: components['responses']['ServerError'];
		};
	};
	getExport: {
		parameters: {
			query?: never;
			header?: never;
			path: {
				/** @example exp_k3v9q2 */
				id: components['parameters']['ExportId'];
			};
			cookie?: never;
		};
		requestBody?: never;
		responses: {
			/** @description The export. */
			200: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					'application/json': components['schemas']['ExportResponse'];
				};
			};
			400: components['responses']['BadRequest'];
			401: components['responses']['Unauthorized'];
			403: components['responses']['Forbidden'];
			404: components['responses']['NotFound'];
			422: components['responses']['ValidationFailed'];
			429: components['responses']['RateLimited'];
			500: components['responses']['ServerError'];
		};
	};
	downloadExportFile: {
		parameters: {
			query?: {
				/** @description Opens the file without a key. Part of a `download_url` on another host. */
				token?: string;
				/** @description When this link ends, in milliseconds since 1970. Reading the export then gives a new one. */
				expires?: number;
			};
			header?: never;
			path: {
				/** @example exp_k3v9q2 */
				id: components['parameters']['ExportId'];
			};
			cookie?: never;
		};
		requestBody?: never;
		responses: {
			/** @description The file. */
			200: {
				headers: {
					/** @description Names the file after the dashboard. */
					'Content-Disposition'?: string;
					[name: string]: unknown;
				};
				content: {
					'application/pdf': string;
					'image/png': string;
					'text/csv': string;
					'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': string;
				};
			};
			400: components['responses']['BadRequest'];
			401: components['responses']['Unauthorized'];
			403: components['responses']['Forbidden'];
			404: components['responses']['NotFound'];
			422: components['responses']['ValidationFailed'];
			429: components['responses']['RateLimited'];
			500: components['responses']['ServerError'];
		};
	};
}
