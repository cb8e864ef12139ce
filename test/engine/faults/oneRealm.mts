import { isNativeError } from 'node:util/types';

/**
 * Jest gives each test file an `Error` of its own, and the errors of Node's sockets and streams are
 * no instances of it. In n8n there is one `Error` for all, and so it is here.
 */
const isInstance = Function.prototype[Symbol.hasInstance];
Object.defineProperty(Error, Symbol.hasInstance, {
	value(this: unknown, value: unknown) {
		return isInstance.call(this, value) || (this === Error && isNativeError(value));
	},
});
