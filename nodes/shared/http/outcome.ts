export type OutcomeClass = 'ok' | 'throttled' | 'transient' | 'unsent' | 'unclear' | 'refused';
export interface Outcome {
	class: OutcomeClass;
	/** Wait that the server asks for, in ms */
	retryAfter?: number;
}
