import { pathToFileURL } from 'node:url';

interface Started {
  readonly ready: Readonly<Record<string, unknown>>;
  close(): Promise<void>;
}

/**
 * Runs a partner as a process of its own when its file is the one that node was given: the configuration is the JSON of
 * the first argument or of PARTNER_CONFIG (better for keys: arguments are visible to others); one JSON line on stdout
 * says that it is ready; SIGTERM, SIGINT or the end of stdin stops it, so that it never outlives who started it.
 */
export function runAsProcess<Configuration>(
  moduleUrl: string,
  start: (configuration: Configuration) => Promise<Started>,
): void {
  const file = process.argv[1];
  if (file === undefined || pathToFileURL(file).href !== moduleUrl) return;
  const text = process.argv[2] ?? process.env['PARTNER_CONFIG'] ?? '';
  void (async () => {
    const started = await start(JSON.parse(text) as Configuration);
    const stop = (): void => {
      void started.close().finally(() => process.exit(0));
    };
    process.once('SIGTERM', stop);
    process.once('SIGINT', stop);
    process.stdin
      .once('end', stop)
      .once('error', () => undefined)
      .resume();
    process.stdout.write(`${JSON.stringify({ ready: true, ...started.ready })}\n`);
  })().catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : 'The partner could not start'}\n`);
    process.exit(1);
  });
}
