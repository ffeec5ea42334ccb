// Writes the JSON Schemas of map files for editors (mappings/schemas) from what the readers accept. A test fails when
// they are stale. One line per type, so that a change shows as one.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensure, root } from './ensure.mjs';

await ensure({ build: true });
const { editorSchemas } = await import('../dist/domain/mapping/editor-schemas.js');
const { writeSchema } = await import('../dist/domain/mapping/write-schema.js');
mkdirSync(join(root, 'mappings/schemas'), { recursive: true });
for (const [name, schema] of Object.entries(editorSchemas())) {
  writeFileSync(join(root, `mappings/schemas/${name}.schema.json`), writeSchema(schema));
}
