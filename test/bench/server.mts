// The sandbox in a separate process, so that its cost is not measured.
import { sendMessage } from 'execa';
import { startSandbox } from '../sandbox/server.mts';

process.once('disconnect', () => process.exit());
const { origin, baseUrl, keys } = await startSandbox({ port: 0 });
await sendMessage({ origin, baseUrl, apiKey: keys.admin });
