/** Aborts at the first Ctrl-C or termination, so that what is known can be written; a second one ends the process. */
export function interruption(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      controller.abort();
      process.once(signal, () => process.exit(130));
    });
  }
  return controller.signal;
}

/** Resolves when the process is asked to end. */
export async function untilEnded(): Promise<void> {
  const signal = interruption();
  await new Promise<void>((resolve) => {
    // A listener alone does not keep the process alive; the servers that are waited for do.
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
