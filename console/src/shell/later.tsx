// A page whose script is fetched when it is first shown.
import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { asProblem, type Problem } from '../api/problem';
import { Ghost, ProblemNotice } from '../kit/notice';

export function later(fetchPage: () => Promise<{ default: ComponentType }>): ComponentType {
  let Page: ComponentType | undefined;
  return function Later() {
    const [problem, setProblem] = useState<Problem | null>(null);
    const [, setReady] = useState(Page !== undefined);
    const start = () => {
      setProblem(null);
      fetchPage().then(
        (module) => {
          Page = module.default;
          setReady(true);
        },
        (error: unknown) => setProblem(asProblem(error)),
      );
    };
    useEffect(() => {
      if (!Page) start();
    }, []);
    if (Page) return <Page />;
    // After an update of the server the old script is gone: a reload fetches the new console.
    return (
      <div class="page">
        {problem ? <ProblemNotice what="This page could not be fetched" problem={problem} retry={() => window.location.reload()} /> : <Ghost lines={8} />}
      </div>
    );
  };
}
