@echo off
rem Starts Headlight: the window without a command, otherwise the command.
rem   HEADLIGHT_JAVA_HOME  the Java to use (25 or newer)
rem   HEADLIGHT_JVM        more options for the virtual machine, such as -Xmx8g
rem   HEADLIGHT_NATIVES    the folder with native libraries of ONNX Runtime that know CUDA
setlocal
set "HOME_DIR=%~dp0.."
set "JAVA_EXE="
set "BUILT_WITH="
if exist "%HOME_DIR%\lib\java-home" set /p BUILT_WITH=<"%HOME_DIR%\lib\java-home"
call :try "%HEADLIGHT_JAVA_HOME%"
call :try "%BUILT_WITH%"
call :try "%JAVA_HOME%"
for %%J in (java.exe) do if not "%%~$PATH:J"=="" for %%K in ("%%~dp$PATH:J..") do call :try "%%~fK"
if not defined JAVA_EXE (
    echo Headlight needs Java 25 or newer: set HEADLIGHT_JAVA_HOME to the folder of a JDK 25. 1>&2
    exit /b 2
)
"%JAVA_EXE%" -p "%HOME_DIR%\lib\fx" --add-modules ALL-MODULE-PATH,jdk.incubator.vector ^
    --enable-native-access=ALL-UNNAMED,javafx.graphics ^
    -XX:+UseG1GC -Xms96m -XX:MaxNewSize=128m -XX:G1PeriodicGCInterval=10000 -XX:GCTimeRatio=4 -XX:MaxHeapFreeRatio=40 -XX:MaxRAMPercentage=50 ^
    -Donnxruntime.native.path="%HOME_DIR%\lib\native" -DRUST_FLAVOR=cpu ^
    -Dheadlight.home="%HOME_DIR%" %HEADLIGHT_JVM% ^
    -cp "%HOME_DIR%\lib\headlight-app.jar" org.headlight.app.Main %*
exit /b %ERRORLEVEL%

:try
if defined JAVA_EXE goto :eof
if "%~1"=="" goto :eof
if not exist "%~1\bin\java.exe" goto :eof
set "FOUND="
for /f "tokens=2 delims==." %%V in ('findstr /b "JAVA_VERSION=" "%~1\release" 2^>nul') do set "FOUND=%%~V"
if not defined FOUND goto :eof
set "FOUND=%FOUND:"=%"
if %FOUND% GEQ 25 set "JAVA_EXE=%~1\bin\java.exe"
goto :eof
