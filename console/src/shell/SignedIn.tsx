import { Center, Text } from '@mantine/core';
import { useEffect, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { SIGNED_IN_CHANNEL } from './signed-in-channel.js';

/** Where the window that signed in again ends: it tells the page that waits, and closes. */
export function SignedIn(): ReactElement {
  const { t } = useTranslation();
  useEffect(() => {
    const channel = new BroadcastChannel(SIGNED_IN_CHANNEL);
    channel.postMessage('signed-in');
    channel.close();
    window.close();
  }, []);
  return (
    <Center mih="60vh" p="md">
      <Text>{t('shell.signedInAgain')}</Text>
    </Center>
  );
}
