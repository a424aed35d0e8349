"use strict";
const example = `# What Salford spent, and how much of it was on a contract. Needs no key.
# With a key: add {"Authorization": "Bearer <token>"} under Headers.
{
  organisation(organisation: "GB-LAE-SLF") {
    name
    summary {
      total { count netPence }
      byScope { value count netPence }
      byAnswer { value count netPence }
    }
  }
  payments(first: 3, orderBy: NET_PENCE_DESC, where: {organisation: "GB-LAE-SLF", answer: ON_CONTRACT}) {
    totals { count netPence }
    nodes {
      paidOn supplierName netPence
      contract { title valuePence }
      evidence { nodes { position type } }
    }
  }
}
`;
ReactDOM.createRoot(document.getElementById("graphiql")).render(
  React.createElement(GraphiQL, {
    fetcher: GraphiQL.createFetcher({ url: "/graphql" }),
    defaultQuery: example,
    shouldPersistHeaders: false,
  }),
);
