import type { ReactElement } from 'react';
export function ReceiptPage(): ReactElement {
  return <></>;
}
