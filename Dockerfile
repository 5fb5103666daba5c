# docker build -t coverage-tracker . && docker run --rm -v "$PWD/coverage:/home/tracker/coverage" coverage-tracker init
FROM python:3.12-slim
RUN useradd --create-home tracker
WORKDIR /opt/coverage-tracker
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY tracker tracker
COPY pipelines pipelines
COPY dashboard dashboard
RUN pip install --no-cache-dir -c constraints.txt '.[dask]'
USER tracker
ENV TRACKER_HOME=/home/tracker/coverage
VOLUME /home/tracker/coverage
EXPOSE 8501
ENTRYPOINT ["tracker"]
CMD ["--help"]
