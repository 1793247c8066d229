import manifest from '../../package.json' with { type: 'json' };

/** The version of Assay, from its own package; the build puts it into the bundle. */
export function version(): string {
  return manifest.version;
}
