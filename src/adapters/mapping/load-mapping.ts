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

interface BuiltModule<Model> extends Omit<CompiledMapping<Model>, 'fromFhir'> {
  /** Absent in a pack that only ever leaves (`oneWay: true`). */
  readonly fromFhir?: CompiledMapping<Model>['fromFhir'];
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
  const version = versionOf(await readPackFiles(root, name), sha256);
  return importBuilt<Models[Name]>(modulePath(root, name), name, version, REMEDY);
}

const REMEDY = 'run npm run build';

/**
 * Imports a built module and gives it what it needs.
 *
 * @param remedy what whoever runs this should do when it is not the module of `version`
 * @throws RelaisError 500 `mapping.not-built`, `mapping.out-of-date`
 */
export async function importBuilt<Model>(
  path: string,
  name: string,
  version: string,
  remedy: string,
): Promise<CompiledMapping<Model>> {
  const module = await importModule<BuiltModule<Model>>(path, name, version, remedy);
  module.link(mappingRuntime);
  return {
    name,
    version,
    toFhir: (record, permitted, context) => module.toFhir(record, permitted, context),
    fromFhir: (bundle, permitted, context) => {
      if (module.fromFhir === undefined)
        throw new RelaisError('mapping.one-way', 501, 'not-supported', `The mapping ${name} has no way back.`);
      return module.fromFhir(bundle, permitted, context);
    },
    identify: (context) => module.identify(context),
    source: module.source,
  };
}

/**
 * A built module of a shipped pack, if it was made from the files that lie beside it.
 *
 * @throws RelaisError 500 `mapping.not-built`, `mapping.out-of-date`
 */
export async function loadModule<Module extends { readonly version: string }>(
  root: string,
  name: PackName,
  path: string,
): Promise<{ readonly module: Module; readonly version: string }> {
  const version = versionOf(await readPackFiles(root, name), sha256);
  return { module: await importModule<Module>(path, name, version, REMEDY), version };
}

/** The version in the address keeps a process from being handed a module that it loaded before a rebuild. */
async function importModule<Module extends { readonly version: string }>(
  path: string,
  name: string,
  version: string,
  remedy: string,
): Promise<Module> {
  let module: Module;
  try {
    module = (await import(`${pathToFileURL(path).href}?version=${version}`)) as Module;
  } catch (cause) {
    throw new RelaisError('mapping.not-built', 500, 'exception', `A mapping was not built: ${remedy}.`, {
      cause,
    });
  }
  if (module.version === version) return module;
  throw new RelaisError(
    'mapping.out-of-date',
    500,
    'exception',
    `The built mapping ${name} is not the one of its files: ${remedy}.`,
  );
}
