/** The part of yazl 3.3 that the tests use; the package carries no types. */
declare module 'yazl' {
  import type { Readable } from 'node:stream';
  export class ZipFile {
    readonly outputStream: Readable;
    addFile(path: string, metadataPath: string, options?: { readonly compress?: boolean }): void;
    addBuffer(buffer: Buffer, metadataPath: string, options?: { readonly compress?: boolean }): void;
    end(): void;
  }
  const yazl: { readonly ZipFile: typeof ZipFile };
  export default yazl;
}
