import { Button, Group, Stack, Text } from '@mantine/core';
import type { ReactElement, ReactNode } from 'react';
import { Dialog } from './Dialog.js';

/**
 * Asks before something happens, and says what will. The way back is as prominent as the way on, and stands first; the
 * focus returns to where it was.
 */
export function Confirm({
  opened,
  title,
  what,
  yes,
  no,
  danger = false,
  busy,
  error,
  disabled = false,
  children,
  onYes,
  onClose,
}: {
  readonly opened: boolean;
  readonly title: string;
  readonly what: string;
  readonly yes: string;
  readonly no: string;
  readonly danger?: boolean;
  readonly busy: boolean;
  readonly error: ReactNode;
  readonly disabled?: boolean;
  readonly children?: ReactNode;
  readonly onYes: () => void;
  readonly onClose: () => void;
}): ReactElement {
  return (
    <Dialog
      opened={opened}
      title={title}
      onClose={() => {
        if (!busy) onClose();
      }}
    >
      <Stack>
        <Text>{what}</Text>
        {children}
        {error}
        <Group>
          <Button variant="default" onClick={onClose} disabled={busy}>
            {no}
          </Button>
          <Button {...(danger && { color: 'red.9' })} onClick={onYes} loading={busy} disabled={disabled}>
            {yes}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
