import { Center, Loader } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState, type ReactElement, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { usePath } from '../router.js';
import { call, SESSION_ENDED } from '../api/call.js';
import { isProblem } from '../api/problem.js';
import { me } from '../api/queries.js';
import type { Caller } from '../api/views.js';
import { Failure } from '../kit/Failure.js';
import { CallerProvider } from './caller.js';
import { Frame } from './Frame.js';
import { LockedCover } from './LockedCover.js';
import { keepLaunch } from './pending-launch.js';
import { useIdle } from './use-idle.js';

/** Shorter than the session's own idle time: the screen is covered before somebody else sits down. */
const COVER_AFTER_MS = 10 * 60_000;

/**
 * Nobody sees a page without a session. When a session ends while somebody works, the page is covered, not left: what
 * was typed is there after signing in again. Somebody else who signs in starts from an empty page.
 */
export function SessionGate({ children }: { readonly children: ReactNode }): ReactElement {
  const { t } = useTranslation();
  const caller = useQuery(me);
  const client = useQueryClient();
  const path = usePath();
  const [covered, setCovered] = useState<'locked' | 'ended' | null>(null);
  const known = useRef<Caller | null>(null);

  const lock = useCallback(() => {
    setCovered('locked');
    call('POST', '/signout', { body: {} }).catch(() => undefined);
  }, []);
  useIdle(COVER_AFTER_MS, lock, covered === null && caller.data !== undefined);

  useEffect(() => {
    const ended = (): void => {
      if (known.current !== null) setCovered((before) => before ?? 'ended');
    };
    window.addEventListener(SESSION_ENDED, ended);
    return () => window.removeEventListener(SESSION_ENDED, ended);
  }, []);

  useEffect(() => {
    if (caller.data === undefined) return;
    if (known.current !== null && !samePerson(known.current, caller.data)) location.assign('/console');
    known.current = caller.data;
  }, [caller.data]);

  const signedInAgain = useCallback(async () => {
    const now = await client.fetchQuery({ ...me, staleTime: 0 });
    if (known.current !== null && !samePerson(known.current, now)) return location.assign('/console');
    setCovered(null);
    await client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'me' });
  }, [client]);

  if (caller.isPending) {
    return (
      <Center mih="60vh" role="status" aria-label={t('shell.loading')}>
        <Loader />
      </Center>
    );
  }
  if (isProblem(caller.error) && caller.error.status === 401) {
    keepLaunch(location.hash);
    location.replace(`/signin?returnTo=${encodeURIComponent(`/console${path === '/' ? '' : path}`)}`);
    return <Center mih="60vh">{t('shell.signingIn')}</Center>;
  }
  if (caller.data === undefined) {
    return <Failure error={caller.error} onRetry={() => void caller.refetch()} />;
  }
  return (
    <CallerProvider value={caller.data}>
      <div className={covered === null ? undefined : 'covered'} inert={covered !== null}>
        <Frame onLock={lock}>{children}</Frame>
      </div>
      {covered !== null && <LockedCover why={covered} onSignedIn={signedInAgain} />}
    </CallerProvider>
  );
}

function samePerson(a: Caller, b: Caller): boolean {
  return a.displayName === b.displayName && a.organizationId === b.organizationId;
}
