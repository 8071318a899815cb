"use strict";

// The token is held by this variable and by nothing else: it is gone when the page is.
let token = "";

const EXAMPLE = `# Ctrl-Space completes, Ctrl-Enter asks.
{
  status {
    knowledge { complete asOf }
  }
  roles(first: 5) {
    totalCount
    edges { node { name accountId } }
  }
}
`;

const page = ReactDOM.createRoot(document.getElementById("graphiql"));
const state = document.getElementById("state");
const input = document.getElementById("token");

async function fetcher(parameters) {
  const headers = { "Content-Type": "application/json" };
  if (token) {
    headers.Authorization = `Bearer ${token}`;
  }
  const response = await fetch("graphql", {
    method: "POST",
    headers,
    body: JSON.stringify(parameters),
    credentials: "omit",
    cache: "no-store",
  });
  const answer = await response.json();
  tell(answer, response.status);
  return answer;
}

function tell(answer, status) {
  const [error] = answer.errors ?? [];
  state.textContent = error && status >= 400 ? `${error.extensions?.code ?? status}: ${error.message}` : "";
}

// A new key makes a new GraphiQL, which asks for the schema as the new caller sees it.
function show(key) {
  page.render(
    React.createElement(GraphiQL, {
      key,
      fetcher,
      defaultQuery: EXAMPLE,
      defaultEditorToolsVisibility: "variables",
      isHeadersEditorEnabled: false,
      shouldPersistHeaders: false,
    }),
  );
}

let shown = 0;
document.getElementById("who").addEventListener("submit", (event) => {
  event.preventDefault();
  token = input.value.trim();
  input.value = "";
  input.placeholder = token ? "a token is in use" : "muniment token create …";
  show((shown += 1));
});
show(shown);
