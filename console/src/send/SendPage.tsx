import type { ReactElement } from 'react';
export function SendPage(): ReactElement {
  return <></>;
}
