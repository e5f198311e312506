FROM python:3.12-slim
RUN useradd --create-home --uid 10001 fazhi
WORKDIR /app
COPY requirements.lock pyproject.toml README.md LICENSE ./
RUN python -m pip install --no-cache-dir --require-hashes -r requirements.lock
COPY . .
RUN python -m pip install --no-cache-dir --no-deps --no-build-isolation . && mkdir /data && chown fazhi /data
USER fazhi
ENV FAZHI_HOME=/data
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
# beyond loopback the server starts only with FAZHI_API_KEY
CMD ["fazhi", "serve", "--host", "0.0.0.0", "--port", "8000"]
