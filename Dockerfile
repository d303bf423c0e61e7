# greffier as an image: one static binary, the certificates of the public authorities,
# the shipped replies and config, and nothing else, not even a shell.
#
#   docker build -t greffier .
#   docker run -v greffier-data:/var/lib/greffier \
#              -v ./greffier.toml:/etc/greffier/greffier.toml:ro \
#              -v ./secrets:/run/secrets:ro greffier
#
# Decisions are taken in the running container, which holds the store:
#   docker exec CONTAINER /usr/bin/greffier threads

FROM rust:1-alpine AS build
RUN apk add --no-cache ca-certificates gcc musl-dev
WORKDIR /src
COPY . .
# On Alpine the target is musl by itself, and the binary static.
RUN cargo build --locked --release --bin greffier
RUN packaging/stage target/release/greffier /etc/ssl/certs/ca-certificates.crt /image

FROM scratch
# 65532 is nobody's number on the host.
COPY --from=build /image/usr /usr
COPY --from=build /image/etc /etc
COPY --from=build --chown=65532:65532 /image/var/lib/greffier /var/lib/greffier
# The data has a place of its own, whatever the config says of it.
ENV GREFFIER_DATA_DIR=/var/lib/greffier
USER 65532:65532
VOLUME /var/lib/greffier
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=60s --timeout=10s --start-period=60s --retries=3 \
    CMD ["/usr/bin/greffier", "status"]
ENTRYPOINT ["/usr/bin/greffier"]
CMD ["run"]
