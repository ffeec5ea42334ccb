import { Component, type ReactNode } from 'react';
import { Failure } from '../kit/Failure.js';

/** A page that broke, or files that a newer version of the console has replaced: said in words, and loaded anew. */
export class PageBoundary extends Component<{ readonly children: ReactNode }, { readonly error: unknown }> {
  override state = { error: null as unknown };

  static getDerivedStateFromError(error: unknown): { readonly error: unknown } {
    return { error };
  }

  override render(): ReactNode {
    if (this.state.error === null) return this.props.children;
    return (
      <div className="page">
        <Failure error={this.state.error} onRetry={() => location.reload()} />
      </div>
    );
  }
}
