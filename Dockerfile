FROM python:3.12-slim-bookworm
RUN useradd --create-home --uid 10001 fazhi
# without Chinese letters charts can't be drawn as PNG
RUN apt-get update && apt-get install --yes --no-install-recommends fonts-noto-cjk && rm -rf /var/lib/apt/lists/*
WORKDIR /app
# first what changes rarely
COPY requirements.lock ./
RUN python -m pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.lock
COPY . .
RUN python -m pip install --no-cache-dir --disable-pip-version-check --no-deps --no-build-isolation . && install -d -o fazhi -g fazhi /data
USER 10001:10001
ENV FAZHI_HOME=/data PYTHONUNBUFFERED=1
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
# beyond loopback the server starts only with FAZHI_API_KEY
CMD ["fazhi", "serve", "--host", "0.0.0.0", "--port", "8000"]
