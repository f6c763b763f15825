# For development: Debian 12 with what the build, its tests and its checks need.
#   docker build -t imageserver-dev .
#   docker run --rm -it -p 8081-8083:8081-8083 -v "$PWD":/imageserver imageserver-dev scripts/run
FROM debian:bookworm
COPY scripts/install /usr/local/bin/install-packages
RUN install-packages build test check && rm -rf /var/lib/apt/lists/*
RUN git config --system --add safe.directory /imageserver
WORKDIR /imageserver
CMD ["bash"]
