# Not built where Relais is developed (no container engine there); kept small so that it can be read instead.
FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY . .
RUN node scripts/build.mjs && npm prune --omit=dev --no-audit --no-fund

FROM node:24-bookworm-slim
ENV NODE_ENV=production RELAIS_HOST=0.0.0.0 RELAIS_PORT=8080
WORKDIR /app
COPY --from=build --chown=root:root /app/node_modules node_modules
COPY --from=build --chown=root:root /app/dist dist
COPY --from=build --chown=root:root /app/generated generated
COPY --from=build --chown=root:root /app/mappings mappings
COPY --from=build --chown=root:root /app/config/labels config/labels
COPY --from=build --chown=root:root /app/console/src/words console/src/words
COPY --from=build --chown=root:root /app/package.json /app/NOTICE ./
USER node
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:8080/health/ready').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
# `serve` answers HTTP; `worker` delivers, sequences the audit log and purges. Migrations: `migrate`, with the owner's login.
ENTRYPOINT ["node", "dist/main.js"]
CMD ["serve"]
