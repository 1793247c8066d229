#!/usr/bin/env node
/* oxlint-disable no-console -- the one line a too old Node can still say */
import { existsSync } from 'node:fs';
import module from 'node:module';

const major = Number(process.versions.node.split('.')[0]);
if (major < 24) {
  console.error(
    `assay needs Node 24 or newer, and this is ${process.versions.node}. In a clone, "npm ci" brings Node 24 along for the npm scripts.`,
  );
  process.exitCode = 2;
} else {
  module.enableCompileCache();
  const source = new URL('./main.ts', import.meta.url); // a clone runs from source, the published package has only dist
  await import(existsSync(source) ? source.href : '../../dist/main.js');
}
