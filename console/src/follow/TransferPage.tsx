import type { ReactElement } from 'react';
export function TransferPage(): ReactElement {
  return <></>;
}
