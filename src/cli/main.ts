import { version } from './version.ts';

// A bug of ours keeps its stack, and can tell nothing: 1, which node would end with, says that something contradicts the docs.
process.on('uncaughtExceptionMonitor', () => {
  process.on('exit', () => {
    process.exitCode = 3;
  });
});
const args = process.argv.slice(2);
if (args[0] === '--version' || args[0] === '-v') {
  // Asked by scripts, and often: nothing else is loaded for it.
  console.log(version());
} else {
  const { dispatch } = await import('./dispatch.ts');
  process.exitCode = await dispatch(args);
  // What a module has left running must not keep the process, once all has been said.
  process.stdout.write('', () =>
    process.stderr.write('', () => setImmediate(() => process.exit())),
  );
}
