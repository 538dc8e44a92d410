# The production image: screens built by Node, the product installed as a wheel, run by an account without rights.
FROM node:22-bookworm-slim AS screens
WORKDIR /src/agent_console/frontend
COPY agent_console/frontend/package.json agent_console/frontend/package-lock.json agent_console/frontend/.npmrc ./
RUN npm ci --no-progress
COPY agent_console/frontend ./
RUN npm run build

FROM python:3.12-slim-bookworm AS build
WORKDIR /src
COPY requirements/uv.txt requirements/base.txt requirements/build.txt requirements/
RUN pip install --no-cache-dir --require-hashes -r requirements/uv.txt
RUN uv venv /opt/hotline && uv pip install --python /opt/hotline --require-hashes -r requirements/base.txt
COPY . .
COPY --from=screens /src/agent_console/static/screens agent_console/static/screens
RUN uv venv /opt/build \
    && uv pip install --python /opt/build --require-hashes -r requirements/base.txt -r requirements/build.txt \
    && uv build --python /opt/build --no-build-isolation --wheel --out-dir /dist \
    && uv pip install --python /opt/hotline --no-deps /dist/*.whl

FROM python:3.12-slim-bookworm
RUN useradd --system --create-home --home-dir /var/lib/hotline hotline
COPY --from=build /opt/hotline /opt/hotline
ENV PATH=/opt/hotline/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    DJANGO_SETTINGS_MODULE=hotline.settings \
    HOTLINE_DATA_DIR=/var/lib/hotline
USER hotline
WORKDIR /var/lib/hotline
VOLUME /var/lib/hotline
EXPOSE 8000
CMD ["hotline", "serve", "--host", "0.0.0.0", "--port", "8000"]
