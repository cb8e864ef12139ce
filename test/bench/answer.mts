export type Answer<Result> = { result: Result } | { error: string };

/** The child's side of `Child`. It ends with its parent, however that ends. */
export function answer<Job, Result>(work: (job: Job) => Promise<Result>): void {
	process.once('disconnect', () => process.exit());
	process.on('message', (job: Job) => {
		work(job).then(
			(result) => process.send?.({ result }),
			(error: Error) => process.send?.({ error: error.stack ?? error.message }),
		);
	});
}
