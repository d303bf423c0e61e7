// A real identity provider (oidc-provider) in this process, with people of the story's.
import http from "node:http";
import Provider from "oidc-provider";

/// Listens at `issuer`; `people` are by login name what the provider says of them, and may change.
export async function listen({ issuer, callback, people }) {
  const provider = new Provider(issuer, {
    clients: [{ client_id: "greffier", client_secret: "un secret", redirect_uris: [callback],
      response_types: ["code"], grant_types: ["authorization_code"] }],
    claims: { openid: ["sub"], profile: ["name"], groups: ["groups"] },
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, ...people[id] }) }),
    cookies: { keys: ["une clé d’essai"] },
    pkce: { required: () => true },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
    ttl: { Session: 600, Interaction: 600, Grant: 600, AccessToken: 600, IdToken: 600 },
  });
  const answer = provider.callback();
  const server = http.createServer(async (request, response) => {
    if (!request.url.startsWith("/interaction/")) return answer(request, response);
    if (request.method === "GET") {
      response.setHeader("Content-Type", "text/html; charset=utf-8");
      return response.end(`<!doctype html><title>Fournisseur</title><link rel="icon" href="data:,">
        <form method="post"><label>Compte <input name="compte"></label><button>Confirmer</button></form>`);
    }
    let body = "";
    for await (const part of request) body += part;
    const accountId = new URLSearchParams(body).get("compte");
    const grant = new provider.Grant({ accountId, clientId: "greffier" });
    grant.addOIDCScope("openid profile groups");
    const consent = { grantId: await grant.save() };
    await provider.interactionFinished(request, response, { login: { accountId }, consent });
  });
  await new Promise((done) => server.listen(new URL(issuer).port, "127.0.0.1", done));
  return () => new Promise((done) => (server.close(done), server.closeAllConnections()));
}
