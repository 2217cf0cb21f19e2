# docker build -t claude-proxy .
# The program is built in a stage of its own. The image holds it, the five libraries it needs, and nothing else.
FROM node:22-bookworm-slim AS build
WORKDIR /build
COPY package.json bun.lock bunfig.toml ./
COPY scripts/setup.mjs scripts/
RUN node scripts/setup.mjs
COPY . .
RUN node_modules/.bin/bun run build --outfile dist/claude-proxy \
  && sh scripts/release/assemble-container-root.sh dist/claude-proxy /image \
  && mkdir /state

FROM scratch
COPY --from=build /image /
COPY --from=build --chown=65532:65532 /state /var/lib/claude-proxy
# A user without rights, by number: nothing in the image has to know its name.
USER 65532:65532
# Bun's variables are those for which the program would otherwise start itself a second time.
ENV PATH=/usr/local/bin \
  HOME=/var/lib/claude-proxy \
  XDG_CONFIG_HOME=/etc \
  XDG_STATE_HOME=/var/lib \
  HOST=0.0.0.0 \
  PORT=8080 \
  BUN_CONFIG_MAX_HTTP_REQUESTS=8192 \
  BUN_JSC_useFTLJIT=0 \
  BUN_ENABLE_CRASH_REPORTING=0
EXPOSE 8080
# The log and the state: what has been learned about token counts. One line a request goes to standard output, too.
VOLUME /var/lib/claude-proxy
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s CMD ["claude-proxy", "status"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["claude-proxy"]
CMD ["serve"]
