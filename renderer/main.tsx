// The general styles first: a component's own come with it and may go beyond them.
import "./ui/theme.css";
import "./ui/controls.css";
import "./frame/frame.css";
import "./modules/modules.css";
import "./objects/objects.css";

import { QueryClientProvider } from "@tanstack/react-query";
import { createRoot } from "react-dom/client";
import { followEvents, queryClient } from "./client/queries.ts";
import { App } from "./frame/App.tsx";
import { ActionsProvider } from "./frame/actions.tsx";
import { NavigationProvider } from "./frame/place.tsx";

const root = document.getElementById("root");
if (!root) throw new Error("The page has no root element.");

followEvents();
createRoot(root).render(
  <QueryClientProvider client={queryClient}>
    <NavigationProvider>
      <ActionsProvider>
        <App />
      </ActionsProvider>
    </NavigationProvider>
  </QueryClientProvider>,
);
