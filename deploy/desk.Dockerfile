# The image of our own programs (`desk`) and the web server before them (`web`).
# Mirrors are build arguments, so that no address of a registry is written here.
ARG PYTHON_IMAGE=python:3.12-slim
ARG NODE_IMAGE=node:24-slim
ARG NGINX_IMAGE=nginx:1.28-alpine

FROM ${NODE_IMAGE} AS npm
ARG NPM_MIRROR=""
WORKDIR /npm
COPY package.json ./
RUN npm install --no-package-lock --ignore-scripts --no-audit --no-fund \
    ${NPM_MIRROR:+--registry="${NPM_MIRROR}"}

FROM ${PYTHON_IMAGE} AS build
ARG PIP_MIRROR=""
COPY requirements/base.txt /tmp/base.txt
RUN python -m venv /opt/venv \
    && /opt/venv/bin/pip install --no-cache-dir --disable-pip-version-check \
    ${PIP_MIRROR:+--index-url="${PIP_MIRROR}"} --requirement /tmp/base.txt
WORKDIR /app
COPY package.json ./
COPY setup setup
COPY --from=npm /npm/node_modules .tools/npm/node_modules
COPY console console
RUN python -c "from setup.assets import copy_assets; copy_assets()"
COPY core core
COPY bot bot
COPY actions actions
COPY config config
COPY launch launch
COPY nlu_data nlu_data
RUN rm -r .tools setup package.json && /opt/venv/bin/python -m compileall -q .

FROM ${PYTHON_IMAGE} AS desk
# A new volume takes over the owner of the folder it is laid over.
RUN useradd --system --uid 10001 --no-create-home desk && install -d -o 10001 -m 750 /media
COPY deploy/probe.py /opt/desk/probe.py
COPY --from=build /opt/venv /opt/venv
COPY --from=build /app /app
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    HOME=/tmp
WORKDIR /app
USER 10001:10001

FROM ${NGINX_IMAGE} AS web
COPY config/nginx /etc/nginx/desk
COPY --from=build /app/console/static /srv/desk/static
USER nginx
ENTRYPOINT ["nginx"]
CMD ["-c", "/etc/nginx/desk/tls.conf", "-g", "daemon off;"]
