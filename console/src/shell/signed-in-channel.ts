/** Between the window that signs in and the page that waits for it. Says that it happened, nothing else. */
export const SIGNED_IN_CHANNEL = 'relais-signed-in';
