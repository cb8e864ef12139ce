import { plainEnvironment, run, type Environment, type Finished } from './processes.mts';

/** Settings that an `npm start` of the checkout adds, such as its ignore-scripts. */
const OF_THE_CHECKOUT =
	/^npm_config_(ignore_scripts|(local_|global_)?prefix|omit|include|workspace)/i;
const OF_THE_USER = /^npm_config_|^(https?|no)_proxy$|^NODE_EXTRA_CA_CERTS$/i;

/** The environment for npm: the user's registry, proxy and certificates, and nothing of the checkout's. */
export function npmEnvironment(env: NodeJS.ProcessEnv = process.env): Environment {
	const kept = Object.entries(env).filter(
		([name, value]) => value && OF_THE_USER.test(name) && !OF_THE_CHECKOUT.test(name),
	);
	return { ...plainEnvironment(env), ...(Object.fromEntries(kept) as Environment) };
}

export async function npm(args: string[], cwd: string): Promise<Finished> {
	return await run('npm', args, { cwd, env: npmEnvironment() });
}

/** A command in the environment that npm gives to install scripts. */
export async function npmShell(command: string, cwd: string): Promise<Finished> {
	return await npm(['exec', '--ignore-scripts=false', '--call', command], cwd);
}
