# The image of the Rasa server with our components, and a model trained from nlu_data.
# Rasa 3.6 runs on Python 3.10 only. It is reached by our own programs and by nobody else.
ARG PYTHON_IMAGE=python:3.10-slim

FROM ${PYTHON_IMAGE} AS build
ARG PIP_MIRROR=""
COPY requirements/rasa.txt /tmp/rasa.txt
RUN python -m venv /opt/venv \
    && /opt/venv/bin/pip install --no-cache-dir --disable-pip-version-check \
    ${PIP_MIRROR:+--index-url="${PIP_MIRROR}"} --requirement /tmp/rasa.txt
ENV RASA_TELEMETRY_ENABLED=false \
    SQLALCHEMY_SILENCE_UBER_WARNING=1 \
    TF_CPP_MIN_LOG_LEVEL=3 \
    TF_ENABLE_ONEDNN_OPTS=0 \
    HOME=/tmp
WORKDIR /app
COPY config/rasa config/rasa
COPY nlu nlu
COPY nlu_data nlu_data
RUN /opt/venv/bin/python -m nlu.train --out built_models

FROM ${PYTHON_IMAGE} AS rasa
RUN useradd --system --uid 10001 --no-create-home desk \
    && install --directory --owner=desk --group=desk /app/models
COPY deploy/probe.py /opt/desk/probe.py
COPY --from=build /opt/venv /opt/venv
COPY --from=build /app /app
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONPATH=/app \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    RASA_TELEMETRY_ENABLED=false \
    SQLALCHEMY_SILENCE_UBER_WARNING=1 \
    TF_CPP_MIN_LOG_LEVEL=3 \
    TF_ENABLE_ONEDNN_OPTS=0 \
    MPLCONFIGDIR=/tmp/matplotlib \
    HOME=/tmp
WORKDIR /app
USER 10001:10001
