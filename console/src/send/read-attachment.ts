import type { Attachment } from './evidence.js';

/** What the gateway takes in base64, with room for the rest of the request. */
const MAX_BYTES = 3 * 1024 * 1024;
const MAX_EDGE_PX = 2000;

/**
 * A photo of any size, made small enough to be kept and still be read; a PDF as it is. Nothing is uploaded before it is
 * known to fit.
 */
export async function readAttachment(file: File): Promise<Attachment | 'too-large' | 'not-readable'> {
  if (file.type === 'application/pdf') {
    if (file.size > MAX_BYTES) return 'too-large';
    return { contentType: 'application/pdf', data: await base64Of(file) };
  }
  try {
    // The orientation that the camera noted is applied; everything else it noted (place, device) is left behind.
    const image = await createImageBitmap(file, { imageOrientation: 'from-image' });
    const scale = Math.min(1, MAX_EDGE_PX / Math.max(image.width, image.height));
    const canvas = new OffscreenCanvas(Math.round(image.width * scale), Math.round(image.height * scale));
    canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
    image.close();
    for (const quality of [0.85, 0.6, 0.4]) {
      const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality });
      if (blob.size <= MAX_BYTES) return { contentType: 'image/jpeg', data: await base64Of(blob) };
    }
    return 'too-large';
  } catch {
    return 'not-readable';
  }
}

async function base64Of(blob: Blob): Promise<string> {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  let text = '';
  for (let at = 0; at < bytes.length; at += 32_768) text += String.fromCharCode(...bytes.subarray(at, at + 32_768));
  return btoa(text);
}
