// A certified provider with the client, the claims and the algorithm of ThaiD; it prints its address when it listens.
// node provider.mjs REDIRECT_URI [pkce]     the secret comes in the environment
import { createRequire } from 'node:module';
import http from 'node:http';
import { generateKeyPairSync } from 'node:crypto';

// The packages lie in the folder of tools, not beside this file.
const { default: Provider } = await import(createRequire(`${process.env.OUTSIDE_PROVIDER}/`).resolve('oidc-provider'));
const key = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' });
const told = { pid: '1999900001010', given_name: 'Malee', family_name: 'Tuayang', ial: '2.3' };

const server = http.createServer();
server.listen(0, '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: [{
      client_id: 'khlang',
      client_secret: process.env.OUTSIDE_SECRET,
      redirect_uris: [process.argv[2]],
      token_endpoint_auth_method: 'client_secret_basic',
      id_token_signed_response_alg: 'ES256',
      application_type: 'native',
    }],
    jwks: { keys: [{ ...key, kid: 'one', use: 'sig', alg: 'ES256' }] },
    claims: { openid: ['sub'], pid: ['pid'], given_name: ['given_name'], family_name: ['family_name'], ial: ['ial'] },
    scopes: ['openid', 'pid', 'given_name', 'family_name', 'ial'],
    // As ThaiD does: the claims come in the id_token itself.
    conformIdTokenClaims: false,
    pkce: { required: () => process.argv[3] === 'pkce' },
    features: { revocation: { enabled: true }, devInteractions: { enabled: true } },
    cookies: { keys: ['only for tests'] },
    findAccount: (_context, id) => ({ accountId: id, claims: () => ({ sub: id, ...told }) }),
  });
  server.on('request', provider.callback());
  process.stdout.write(`${issuer}\n`);
});
