export class AnswerTooLarge extends Error {
  constructor() {
    super('The answer is too large');
    this.name = 'AnswerTooLarge';
  }
}

/**
 * Reads a body into memory and stops at the limit, whatever length was announced.
 *
 * @throws AnswerTooLarge; the stream is destroyed then
 */
export async function readAtMost(
  body: AsyncIterable<Uint8Array> & { destroy(error?: Error): unknown },
  declaredLength: number,
  maxBytes: number,
): Promise<Buffer<ArrayBuffer>> {
  const tooLarge = (): never => {
    body.destroy();
    throw new AnswerTooLarge();
  };
  if (declaredLength > maxBytes) {
    // Nobody reads it: its own end, or its error, must not become anybody's problem.
    (body as unknown as { on?(event: string, listener: () => void): void }).on?.('error', () => undefined);
    tooLarge();
  }
  const chunks: Uint8Array[] = [];
  let received = 0;
  for await (const chunk of body) {
    received += chunk.length;
    if (received > maxBytes) tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, received);
}
