import { pathToFileURL } from 'node:url';
import { RelaisError } from '../../kernel/errors.js';
import type { Case } from '../../domain/case/case.js';
import { versionOf, type PackName } from '../../domain/mapping/compile-pack.js';
import type { CompiledMapping } from '../../domain/mapping/mapping.js';
import type { HmisRecord } from '../../domain/mapping/models/hmis-model.js';
import { mappingRuntime, type MappingRuntime } from '../../domain/mapping/runtime.js';
import { modulePath, sha256 } from './build-mappings.js';
import { readPackFiles } from './read-pack-files.js';

export interface Models {
  readonly case: Case;
  readonly hmis: HmisRecord;
}

interface BuiltModule<Model> extends CompiledMapping<Model> {
  link(runtime: MappingRuntime): void;
}

/**
 * Loads the built module of a pack. It is never compiled here: a module that was not made from the files that lie
 * beside it, or from the labels of this version, is refused.
 *
 * @throws RelaisError 500 `mapping.not-built`, `mapping.out-of-date`
 */
export async function loadCompiledMapping<Name extends keyof Models>(
  root: string,
  name: Name,
): Promise<CompiledMapping<Models[Name]>> {
  const { module, version } = await loadModule<BuiltModule<Models[Name]>>(root, name, modulePath(root, name));
  module.link(mappingRuntime);
  return {
    name,
    version,
    toFhir: (record, permitted, context) => module.toFhir(record, permitted, context),
    fromFhir: (bundle, permitted, context) => module.fromFhir(bundle, permitted, context),
    identify: (context) => module.identify(context),
    source: module.source,
  };
}

/**
 * A built module, if it was made from the files that lie beside it.
 *
 * @throws RelaisError 500 `mapping.not-built`, `mapping.out-of-date`
 */
export async function loadModule<Module extends { readonly version: string }>(
  root: string,
  name: PackName,
  path: string,
): Promise<{ readonly module: Module; readonly version: string }> {
  const version = versionOf(await readPackFiles(root, name), sha256);
  const module = await importModule<Module>(path, version);
  if (module.version === version) return { module, version };
  throw new RelaisError(
    'mapping.out-of-date',
    500,
    'exception',
    `The built mapping ${name} is not the one of mappings/${name}: run npm run build.`,
  );
}

/** The version in the address keeps a process from being handed a module that it loaded before a rebuild. */
async function importModule<Module>(path: string, version: string): Promise<Module> {
  try {
    return (await import(`${pathToFileURL(path).href}?version=${version}`)) as Module;
  } catch (cause) {
    throw new RelaisError('mapping.not-built', 500, 'exception', 'A mapping was not built: run npm run build.', {
      cause,
    });
  }
}
