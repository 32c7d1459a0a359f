# The build stage has the compiler of wheels, Node.js and the caches; only its finished environment is kept.
FROM python:3.12-slim AS build
WORKDIR /src
COPY pyproject.toml constraints.txt hatch_build.py bundle_page.py package.json package-lock.json .npmrc LICENSE README.md ./
COPY engine engine
COPY server server
COPY static static
RUN python -m venv --without-pip /opt/playground \
 && pip --python /opt/playground/bin/python install --no-cache-dir --constraint constraints.txt .

FROM python:3.12-slim
# The matrices are small: several BLAS threads only get in each other's way.
ENV OPENBLAS_NUM_THREADS=1 \
    OMP_NUM_THREADS=1 \
    PYTHONUNBUFFERED=1 \
    PATH=/opt/playground/bin:$PATH \
    BACKPROP_HOST=0.0.0.0 \
    BACKPROP_DATA_DIR=/data
RUN useradd --uid 10001 --no-log-init --create-home playground \
 && install --directory --owner=playground --group=playground /data
COPY --from=build /opt/playground /opt/playground
USER 10001:10001
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s CMD ["python", "-c", \
  "import os, urllib.request; urllib.request.urlopen('http://127.0.0.1:' + (os.environ.get('BACKPROP_PORT') or os.environ.get('PORT') or '8000') + '/api/v1/health/live', timeout=4)"]
CMD ["backprop-playground", "--no-browser"]
