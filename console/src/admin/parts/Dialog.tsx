import { Modal } from '@mantine/core';
import type { ReactElement, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

/** A dialog with its name; the focus stays in it, and returns to where it was. */
export function Dialog({
  opened,
  title,
  stays = false,
  children,
  onClose,
}: {
  readonly opened: boolean;
  readonly title: string;
  /** Something was typed: a click beside it does not throw that away. */
  readonly stays?: boolean;
  readonly children: ReactNode;
  readonly onClose: () => void;
}): ReactElement {
  const { t } = useTranslation('admin');
  return (
    <Modal.Root opened={opened} onClose={onClose} size="lg" closeOnClickOutside={!stays} lockScroll={false}>
      <Modal.Overlay />
      <Modal.Content>
        {/* The kit's own header is a landmark of the page, which a dialog is none of. */}
        <div className="dialog-head">
          <Modal.Title>{title}</Modal.Title>
          <Modal.CloseButton aria-label={t('close')} />
        </div>
        <Modal.Body>{children}</Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}
