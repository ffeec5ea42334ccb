import { Button, Modal, Stack, Text } from '@mantine/core';
import { useEffect, useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { SIGNED_IN_CHANNEL } from './signed-in-channel.js';

/** Over everything, until somebody has signed in again in a window of its own. */
export function LockedCover({
  why,
  onSignedIn,
}: {
  readonly why: 'locked' | 'ended';
  readonly onSignedIn: () => Promise<void>;
}): ReactElement {
  const { t } = useTranslation();
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    const channel = new BroadcastChannel(SIGNED_IN_CHANNEL);
    channel.onmessage = () => {
      onSignedIn().catch(() => setFailed(true));
    };
    return () => channel.close();
  }, [onSignedIn]);
  const signIn = (): void => {
    const opened = window.open(
      '/signin?returnTo=%2Fconsole%2Fsigned-in',
      'relais-sign-in',
      'popup,width=520,height=640',
    );
    if (opened === null) location.assign(`/signin?returnTo=${encodeURIComponent(location.pathname)}`);
  };
  return (
    <Modal
      opened
      centered
      withCloseButton={false}
      // The kit locks scrolling by a style that the policy of the page forbids; the cover is opaque and the page inert.
      lockScroll={false}
      closeOnEscape={false}
      closeOnClickOutside={false}
      onClose={() => undefined}
      overlayProps={{ backgroundOpacity: 1, color: 'var(--mantine-color-body)' }}
      title={t(why === 'locked' ? 'shell.locked' : 'shell.ended')}
    >
      <Stack>
        <Text>{t(why === 'locked' ? 'shell.lockedWhat' : 'shell.endedWhat')}</Text>
        {failed && <Text role="alert">{t('shell.signInAgainFailed')}</Text>}
        <Button onClick={signIn} data-autofocus>
          {t('shell.signInAgain')}
        </Button>
      </Stack>
    </Modal>
  );
}
