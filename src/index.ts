/**
 * A suite in TypeScript, checked while it is typed; what is checked at load is the same as for YAML. The type of `suite`
 * is published in `dist/index.d.ts`, which the build makes from the schema of suites (`build/declaration.ts`).
 */
export function defineSuite<const Suite extends object>(suite: Suite): Suite {
  return suite;
}
