// undici's own entry loads fetch, WebSocket, caches and mocks as well, which takes three times as long as what is used here.
declare module 'undici/lib/dispatcher/agent.js' {
  export { Agent as default } from 'undici';
}
declare module 'undici/lib/core/connect.js' {
  export { buildConnector as default } from 'undici';
}
declare module 'undici/lib/core/request.js' {
  import type { Dispatcher } from 'undici';
  /** Throws what is wrong with a request that cannot be sent. */
  const CoreRequest: new (
    origin: string,
    options: Dispatcher.DispatchOptions,
    handler: Dispatcher.DispatchHandler,
  ) => object;
  export default CoreRequest;
}
