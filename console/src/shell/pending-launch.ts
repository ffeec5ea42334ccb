const KEY = 'relais-launch';

/**
 * A signed link that came before its reader had signed in waits in this window alone, and is taken out when it is read: in
 * the address it would go to the server, where its fragment must not. It holds a case's id and lives five minutes.
 */
export function keepLaunch(hash: string): void {
  if (hash.length > 1) sessionStorage.setItem(KEY, hash.slice(1));
}

/** The link of this address, or the one that waited; empty when there is none. */
export function takeLaunch(): string {
  const waited = sessionStorage.getItem(KEY) ?? '';
  sessionStorage.removeItem(KEY);
  return location.hash.slice(1) || waited;
}
