import type { Protocol } from "devtools-protocol";
import { bindingName, receiverName } from "../../preload/contract/bridge.ts";
import type { App } from "../app.ts";
import { answerAsk, type PageNews, parseAsk } from "./answer-ask.ts";
import type { DevToolsPipe } from "./devtools-pipe.ts";
import { Outbox } from "./outbox.ts";
import { origin } from "./renderer-files.ts";

/**
 * Whether a script context is the window's own page: its main frame, the page's own world, the app's origin. Frames,
 * isolated worlds and foreign documents see the binding too, since the browser puts it into every context.
 */
export const isOurContext = (context: Protocol.Runtime.ExecutionContextDescription, mainFrame: string): boolean =>
  context.auxData?.frameId === mainFrame && context.auxData?.isDefault === true && context.origin === origin;

/** One page of the window: a document of our origin, from its load to the next one. */
interface Document {
  /** Of the context; never used again by the browser, so a late reply cannot reach a later document. */
  uniqueId: string;
  outbox: Outbox;
}

/**
 * Joins the window's page to the app: requests come in through a binding, everything else goes out through one
 * function of the page.
 */
export const connectBridge = (options: {
  pipe: DevToolsPipe;
  sessionId: string;
  mainFrame: string;
  app: App;
  news: PageNews;
}): void => {
  const { pipe, sessionId, mainFrame, app } = options;
  const documents = new Map<number, Document>();

  const deliver = (uniqueContextId: string) => (batch: string) =>
    pipe.send(
      "Runtime.callFunctionOn",
      {
        uniqueContextId,
        functionDeclaration: `(batch) => { ${receiverName}(batch); }`,
        arguments: [{ value: batch }],
        silent: true,
      },
      sessionId,
    );

  pipe.on("Runtime.executionContextCreated", ({ context }, from) => {
    if (from === sessionId && isOurContext(context, mainFrame))
      documents.set(context.id, { uniqueId: context.uniqueId, outbox: new Outbox(deliver(context.uniqueId)) });
  });
  pipe.on("Runtime.executionContextDestroyed", ({ executionContextId }, from) => {
    if (from === sessionId) documents.delete(executionContextId);
  });
  pipe.on("Runtime.executionContextsCleared", (_, from) => {
    if (from === sessionId) documents.clear();
  });

  pipe.on("Runtime.bindingCalled", async ({ name, payload, executionContextId }, from) => {
    const document = from === sessionId && name === bindingName ? documents.get(executionContextId) : undefined;
    const ask = document && parseAsk(payload);
    if (!document || !ask) return;
    await answerAsk(app, ask, document.outbox, options.news);
  });

  app.onEvent((name, data) => {
    for (const { outbox } of documents.values()) outbox.send({ kind: "event", name, data });
  });
};
