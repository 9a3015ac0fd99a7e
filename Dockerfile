# Two stages: the first installs into a virtual environment and, when asked to, bakes models in; the second only runs.
#
#   docker build -t depesche .                                    starter and demo models; mount others at /app/model_cache
#   docker build -t depesche --build-arg MODELS=newsroom .        production models baked in (needs the model hub)
#
# PIP_EXTRA_INDEX_URL may name an index of CPU-only torch wheels, which saves several GB; see the README.
ARG PYTHON=3.11

FROM python:${PYTHON}-slim AS build
ARG PIP_EXTRA_INDEX_URL=""
ARG MODELS=""
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_EXTRA_INDEX_URL=${PIP_EXTRA_INDEX_URL}
RUN python -m venv /opt/depesche
ENV PATH=/opt/depesche/bin:$PATH
WORKDIR /src
# Dependencies first: they change less often than the code, and their layer is the large one.
COPY constraints.txt pyproject.toml ./
RUN python -c 'import tomllib; print("\n".join(tomllib.load(open("pyproject.toml", "rb"))["project"]["dependencies"]))' > requirements.txt \
 && pip install --constraint constraints.txt --requirement requirements.txt
COPY README.md LICENSE openapi.yaml ./
COPY model_cache/starter-de-en model_cache/starter-de-en
COPY model_cache/demo-de-en model_cache/demo-de-en
COPY model_cache/demo-en-de model_cache/demo-en-de
COPY model_cache/demo-summarizer-en model_cache/demo-summarizer-en
COPY service service
RUN pip install --constraint constraints.txt --no-deps .
RUN mkdir -p /app/model_cache \
 && if [ -n "$MODELS" ]; then DEPESCHE_MODEL_CACHE=/app/model_cache depesche models pull "$MODELS"; fi

FROM python:${PYTHON}-slim
RUN useradd --system --uid 10001 --home-dir /app --shell /usr/sbin/nologin depesche \
 && install -d -o 10001 -g 0 -m 0770 /app /var/cache/depesche
COPY --from=build /opt/depesche /opt/depesche
COPY --from=build --chown=10001:0 /app/model_cache /app/model_cache
ENV PATH=/opt/depesche/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    DEPESCHE_HOST=0.0.0.0 \
    DEPESCHE_PORT=8000 \
    DEPESCHE_MODEL_CACHE=/app/model_cache \
    DEPESCHE_CACHE_DIR=/var/cache/depesche \
    DEPESCHE_OFFLINE=1
WORKDIR /app
USER 10001
EXPOSE 8000
VOLUME ["/var/cache/depesche"]
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=120s --retries=3 CMD ["depesche", "health"]
CMD ["depesche", "serve"]
