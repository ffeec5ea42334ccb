import type { AnchorHTMLAttributes, ReactElement, Ref } from 'react';
import { Link as Anchor, useLocation, useSearchParams } from 'wouter';

export { Redirect, useParams } from 'wouter';

interface LinkProps extends Omit<AnchorHTMLAttributes<HTMLAnchorElement>, 'href' | 'className'> {
  /** Of paths.ts. */
  readonly to: string;
  readonly className?: string | undefined;
  readonly ref?: Ref<HTMLAnchorElement>;
}

/** A link within the console: the page changes, the document stays. */
export function Link({ to, ...rest }: LinkProps): ReactElement {
  return <Anchor href={to} {...rest} />;
}

/** A link of the navigation; the page that one is on is marked for eye and ear. */
export function NavLink({
  to,
  end = false,
  className = '',
  ...rest
}: LinkProps & { readonly end?: boolean }): ReactElement {
  const [here] = useLocation();
  const active = here === to || (!end && here.startsWith(`${to}/`));
  return (
    <Anchor
      href={to}
      className={active ? `${className} active` : className}
      aria-current={active ? 'page' : undefined}
      {...rest}
    />
  );
}

export function useNavigate(): (to: string, options?: { readonly replace?: boolean }) => void {
  const [, navigate] = useLocation();
  return navigate;
}

/** Path within the console. */
export function usePath(): string {
  return useLocation()[0];
}

/** A parameter of the address; an id, never a word. */
export function useQueryParameter(name: string): string | null {
  return useSearchParams()[0].get(name);
}
