import { Button, type ButtonProps } from '@mantine/core';
import type { ReactElement, ReactNode } from 'react';
import { Link } from '../router.js';

/** A link that looks like a button: it leads somewhere and changes nothing. */
export function LinkButton({
  to,
  children,
  ...rest
}: ButtonProps & { readonly to: string; readonly children: ReactNode }): ReactElement {
  return (
    <Button component={Link} to={to} {...rest}>
      {children}
    </Button>
  );
}
