import type { Locator, Page, Request } from 'playwright-core';

/** A user's actions in n8n's editor. */
export class Editor {
	constructor(readonly page: Page) {}

	readonly panel = () => this.page.getByTestId('node-creator-item-name');

	readonly output = () => this.page.getByTestId('output-panel');

	/** What an executed step shows: the mark of its success, or the headline of its error. */
	readonly result = () => ({
		output: this.page.getByTestId('node-run-status-success'),
		error: this.page.getByTestId('node-error-message'),
	});

	/** A new workflow with a manual trigger. */
	async newWorkflow(): Promise<void> {
		await this.page.goto('/workflow/new');
		await this.page.getByTestId('canvas-add-button').click();
		await this.panel().getByText('Trigger manually').click();
		await this.page.getByTestId('canvas-handle-plus').waitFor();
	}

	/** Opens the nodes panel to add a node after the last one. */
	async addNext(): Promise<void> {
		await this.page.getByTestId('canvas-handle-plus').last().click();
	}

	async searchNodes(text: string): Promise<void> {
		await this.page.getByTestId('node-creator-search-bar').fill(text);
	}

	/** Adds a node by one of its actions, which opens it. */
	async place(node: string, action: string): Promise<void> {
		await this.searchNodes(node);
		await this.panel().getByText(node, { exact: true }).click();
		await this.panel().getByText(action, { exact: true }).click();
		await this.page.getByTestId('ndv').waitFor();
	}

	async chooseCredential(name: string): Promise<void> {
		await this.page.getByTestId('node-credentials-select').click();
		await this.page.getByRole('option').filter({ hasText: name }).click();
	}

	async chooseMode(locator: string, mode: string): Promise<void> {
		await this.locator(locator).getByTestId('rlc-mode-selector').click();
		await this.option(mode).click();
	}

	async openList(locator: string): Promise<void> {
		await this.locator(locator).getByTestId('rlc-input').click();
	}

	/** n8n accepts a typed value a moment later, when it saves the workflow with it. */
	async enter(locator: string, value: string): Promise<void> {
		const isSaved = (request: Request) => request.postData()?.includes(value) ?? false;
		const saved = this.page.waitForResponse((response) => isSaved(response.request()));
		await this.locator(locator).getByTestId('rlc-input').fill(value);
		await saved;
	}

	async executeStep(): Promise<void> {
		await this.page.getByTestId('node-execute-button').click();
	}

	/** Brings the whole workflow into view. */
	async fitIn(): Promise<void> {
		await this.page.getByTestId('zoom-to-fit').click();
		// n8n's button covers part of it.
		await this.page.getByTestId('zoom-out-button').click();
	}

	private locator(name: string): Locator {
		return this.page.getByTestId(`resource-locator-${name}`);
	}

	private option(name: string): Locator {
		return this.page.getByRole('option', { name, exact: true });
	}
}
